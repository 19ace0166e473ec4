from sqlalchemy.orm import Mapped

from tenor_sdk import ListView, Menu, Plugin, Record, Role, can

plugin = Plugin(title="Notes", category="Examples")


class Note(Record):
    """A remark that somebody wants to keep."""

    subject: Mapped[str]


author = Role("Note author", can.everything(Note))
menu = Menu("Notes", ListView(Note, (Note.subject,)))
