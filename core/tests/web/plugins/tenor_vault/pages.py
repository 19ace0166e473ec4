from tenor_sdk import Context, Refused
from tenor_sdk.pages import Request, Response, page
from tenor_vault.access import count_boxes
from tenor_vault.records import Opening


@page("/tour/<int:number>", needs=count_boxes, methods=("GET", "POST"))
def tour(ctx: Context, request: Request, number: int) -> Response:
    """A page of the plugin's own."""
    if request.method == "POST":
        if request.form.get("reason") == "no":
            raise Refused("too-precious", limit=1)
        ctx.session.add(Opening(box_id=number, reason=request.form["reason"]))
        return Response(redirect=f"/vault/box/{number}")
    return Response(
        template="tour.html",
        values={"number": number, "said": request.query.get("said", "")},
        title="Tour",
    )


@page("/list.csv")
def listing(ctx: Context, request: Request) -> Response:
    """A download."""
    return Response(content=b"a,b", media_type="text/csv", filename="列表.csv")
