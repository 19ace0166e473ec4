"""The business's own rules about customers: values in, values out; no session, no clock."""
