"""What a bad loan is worth by each way out: values in, values out.

::

    options       an option's expected cash flows and its net present value
    comparison    options under the same frozen assumptions, ranked
    break_even    what would have to change for another option to lead

Powers of a fraction of a year aren't rational numbers, so worths are ``Decimal`` to 40 digits; they are ranked
unrounded and shown rounded half up.
"""
