"""What plugins declare for the eye, checked at start."""

from tenor.views.errors import ViewError
from tenor.views.merge import ShownForm, ShownSection, ShownTab
from tenor.views.views import App, MenuItem, Views, address

__all__ = [
    "App",
    "MenuItem",
    "ShownForm",
    "ShownSection",
    "ShownTab",
    "ViewError",
    "Views",
    "address",
]
