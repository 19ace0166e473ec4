"""What others make of the same work: Django with REST framework and history, and Tryton, each in an environment of its
own with the same customers, the same person, the same rule by unit, validation, and history of what was written."""
