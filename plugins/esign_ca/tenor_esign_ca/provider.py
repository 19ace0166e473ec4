"""The provider that the institution has chosen, or one that refuses where there is none."""

from __future__ import annotations

from typing import cast

from tenor_esign_ca.drivers import NullSigning, SigningDriver, signing
from tenor_sdk import Context, Driver, Refused, Text


def provider(ctx: Context) -> SigningDriver:
    """The signing driver in use; where none is installed, enabled and chosen, ``NullSigning``."""
    try:
        return ctx.driver(signing)
    except Refused:
        return NullSigning(ctx)


def require_signs_here(ctx: Context) -> None:
    """Signers of a provider that signs on pages of its own are told by it where.

    Raises:
        Refused: ``signed-at-the-provider``.
    """
    if not provider(ctx).capabilities().signs_here:
        raise Refused("signed-at-the-provider")


def name_of(driver: SigningDriver) -> str:
    """By which the institution chose it."""
    return cast("Driver", driver).name


def title_of(ctx: Context, name: str) -> Text | str:
    """The words for a provider by its name; the name itself where it isn't the one in use."""
    driver = cast("Driver", provider(ctx))
    if driver.name != name:
        return name
    return Text(driver.title, module=type(driver).__module__)
