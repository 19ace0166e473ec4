"""What others may import is a list, and complete."""

from tenor_esign_ca import public


def test_the_public_names_are_those_of_the_list() -> None:
    assert [name for name in public.__all__ if not hasattr(public, name)] == []
    assert sorted(set(public.__all__)) == sorted(public.__all__)


def test_the_family_names_its_interface_and_its_null_driver() -> None:
    assert (public.signing.name, public.signing.interface, public.signing.null) == (
        "signing",
        public.SigningDriver,
        public.NullSigning,
    )
