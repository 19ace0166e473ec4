// A board: cards are dragged to another column, or moved by their menu. Where a card may go, the server says each time;
// what goes at once is sent, everything else is shown with what is in its way.
async function asked(href, to) {
  const url = new URL(href, location.href);
  url.searchParams.set("part", "dialog");
  if (to !== undefined) url.searchParams.set("to", to);
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  return holder.content.querySelector("dialog");
}

function show(dialog, before) {
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => (dialog.remove(), before?.isConnected && before.focus()));
  dialog.showModal();
}

let moving; // one at a time: pressed again before its dialog came, a card is asked about once

async function move(card, to) {
  if (moving) return;
  moving = true;
  const link = card.querySelector(".t-card-move");
  try {
    const dialog = await asked(card.dataset.moves, to);
    const forms = dialog.querySelectorAll("form[method=post]");
    const only = to !== undefined && forms.length === 1 && dialog.querySelectorAll(".t-moves > li").length === 1;
    if (!only) return show(dialog, link);
    dialog.hidden = true;
    document.body.append(dialog);
    forms[0].requestSubmit(forms[0].querySelector("button"));
  } catch {
    location.assign(card.dataset.moves);
  } finally {
    moving = false;
  }
}

// A card is opened by a click anywhere on it, as a row is.
function enter(event) {
  const name = !event.target.closest("a, button, summary") && event.target.closest(".t-card")?.querySelector("a.t-card-name");
  if (!name || getSelection().toString()) return;
  if (event.ctrlKey || event.metaKey) open(name.href, "_blank", "noopener");
  else location.assign(name.href);
}

export function dress(board) {
  if (board.dataset.dressed) return;
  board.dataset.dressed = "1";
  let held;
  for (const card of board.querySelectorAll("[data-moves]")) card.draggable = true;
  board.addEventListener("click", (event) => {
    const link = event.target.closest(".t-card-move");
    if (!link) return enter(event);
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    move(link.closest("[data-moves]"));
  });
  board.addEventListener("dragstart", (event) => {
    held = event.target.closest?.("[data-moves]");
    if (!held) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.querySelector(".t-card-name").textContent);
    held.classList.add("is-held");
  });
  const over = (lane) => board.querySelectorAll(".t-lane").forEach((each) => each.classList.toggle("is-over", each === lane));
  const aim = (event) => {
    const lane = held && event.target.closest?.(".t-lane");
    return lane && lane !== held.closest(".t-lane") ? lane : undefined;
  };
  board.addEventListener("dragover", (event) => {
    const lane = aim(event);
    over(lane);
    if (lane) event.preventDefault();
  });
  board.addEventListener("drop", (event) => {
    const lane = aim(event);
    if (!lane) return;
    event.preventDefault();
    move(held, lane.dataset.to);
  });
  board.addEventListener("dragend", () => {
    over();
    held?.classList.remove("is-held");
    held = undefined;
  });
}
