"""Reports of errors: what whoever mends one must know of it, without a value of anybody's in it."""
