"""Texts in the language of whoever reads them."""

from tenor.i18n.translator import Translator

__all__ = ["Translator"]
