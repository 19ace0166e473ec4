"""The arithmetic of rating and limits: values in, values out; no session, no clock."""
