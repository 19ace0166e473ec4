"""What an administrator decides about what plugins ask for: each is granted or denied, on record, before it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tenor.loader.failures import Failure, joined
from tenor_sdk.errors import NotFound, Refused
from tenor_sdk.i18n import Text, _
from tenor_sdk.plugin import WORDS

if TYPE_CHECKING:
    from tenor.loader.manifest import Manifest
    from tenor.loader.state import State

ALL: Final = "all"


@dataclass(frozen=True)
class Decided:
    """What was decided on a plugin; what stands in neither is still to be decided on.

    Args:
        granted, denied: kinds of what may be asked for.
    """

    granted: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()

    @property
    def settled(self) -> frozenset[str]:
        return self.granted | self.denied


@dataclass(frozen=True)
class Decision:
    """What somebody says about what is asked for: ``files`` of every plugin in question, ``documents:files`` of one,
    ``all`` of everything.

    Args:
        grant, deny: such words; what is said of one plugin counts before what is said of every one, and what is denied
            before what is granted.
    """

    grant: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()


UNSAID: Final = Decision()


def wanting(manifest: Manifest, decided: Mapping[str, Decided]) -> list[str]:
    """What a plugin asks for that nobody has decided on."""
    known = decided.get(manifest.name, Decided())
    return [each for each in manifest.stated.asks if each not in known.settled]


def settle(
    asked: Iterable[tuple[str, str]], decided: Mapping[str, Decided], decision: Decision
) -> dict[str, Decided]:
    """What is decided on each plugin by a decision, beside what was decided before.

    Args:
        asked: plugin and kind, of what is in question.

    Raises:
        NotFound: ``not-asked-for``: a word of the decision is about nothing that is in question.
    """
    asked = list(asked)
    for word in (*decision.grant, *decision.deny):
        if word != ALL and not any(word in _names(*each) for each in asked):
            raise NotFound("not-asked-for", what=word)
    found: dict[str, Decided] = {}
    for plugin, kind in asked:
        before = found.get(plugin) or decided.get(plugin, Decided())
        verdict = _verdict(plugin, kind, decision)
        if verdict is not None:
            one = frozenset((kind,))
            found[plugin] = (
                Decided(before.granted | one, before.denied - one)
                if verdict
                else Decided(before.granted - one, before.denied | one)
            )
    return found


def _verdict(plugin: str, kind: str, decision: Decision) -> bool | None:
    for word in (f"{plugin}:{kind}", kind, ALL):
        if word in decision.deny:
            return False
        if word in decision.grant:
            return True
    return None


def _names(plugin: str, kind: str) -> tuple[str, str]:
    return kind, f"{plugin}:{kind}"


def must_be_settled(asked: Sequence[tuple[str, str]], decided: Mapping[str, Decided]) -> None:
    """Whether everything was decided on.

    Raises:
        Refused: ``plugin-asks``, with what wasn't, and how it is.
    """
    left = [
        (plugin, kind)
        for plugin, kind in asked
        if kind not in decided.get(plugin, Decided()).settled
    ]
    if left:
        words = " ".join(f"{plugin}:{kind}" for plugin, kind in left)
        raise Refused("plugin-asks", asked=told(left), words=words)


def told(asked: Sequence[tuple[str, str]]) -> Text:
    """What plugins ask for, in words: "documents may keep and read files; …"."""
    return joined([asking(plugin, kind) for plugin, kind in asked])


def asking(plugin: str, kind: str) -> Text:
    """What one plugin asks for, in a sentence."""
    return _("{plugin} asks to {what}.", plugin=plugin, what=WORDS[kind])


def waiting(
    state: State, installed: Mapping[str, Manifest], enabled: Iterable[str]
) -> dict[str, Failure]:
    """The enabled plugins of which the installed version asks for something that nobody has decided on."""
    if state.decided is None:
        return {}
    found = {}
    for name in sorted(set(enabled) & set(installed)):
        left = wanting(installed[name], state.decided)
        if left:
            found[name] = _waits(name, left)
    return found


def _waits(name: str, left: Sequence[str]) -> Failure:
    return Failure(
        plugin=name,
        stage="requirements",
        cause=_(
            "The installed version waits for somebody to decide: {asked}",
            asked=told([(name, each) for each in left]),
        ),
        remedy=_(
            "Grant it: tenor plugin grant {plugin} {what}; or deny it: tenor plugin deny {plugin} {what}",
            plugin=name,
            what=" ".join(left),
        ),
    )


def granted(state: State, manifest: Manifest) -> frozenset[str]:
    """What a plugin may do: what it asks for and was granted."""
    known = (state.decided or {}).get(manifest.name, Decided())
    return known.granted & frozenset(manifest.stated.asks)
