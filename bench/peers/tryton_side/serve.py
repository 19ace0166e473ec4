"""Tryton's server: one process, four threads, as every side."""

import sys

from trytond.application import app
from waitress import serve

serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=4, ident="")
