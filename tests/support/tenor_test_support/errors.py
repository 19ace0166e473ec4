"""What the harnesses raise. Both fail a test: neither is caught to skip one."""


class MissingService(RuntimeError):
    """A server that a test needs can't be had on this machine; the text says what to install."""

    def __init__(self, what: str, package: str) -> None:
        super().__init__(
            f"{what} isn't on this machine. `make test` installs it where it runs as root on Debian or Ubuntu; "
            f"elsewhere install {package!r}."
        )


class OutsideWorld(ConnectionRefusedError):
    """A test tried to leave the machine."""

    def __init__(self, address: object) -> None:
        super().__init__(f"tests reach only this machine, not {address!r}")
