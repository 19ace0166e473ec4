"""The kernel's own plugin: access, demo people and views of the kernel's records, in plain SDK words."""
