"""What the book tells the others."""

from tenor_sdk import Event


class DossierSubmitted(Event):
    """A dossier lies before somebody."""

    dossier_id: int
