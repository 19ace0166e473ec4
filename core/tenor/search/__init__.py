"""Search: records found by words, pinyin and initials, ids and numbers, within what a person may see."""

from tenor.search.room import Found, Search

__all__ = ["Found", "Search"]
