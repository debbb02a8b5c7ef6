"""Who asks and who answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bantar_qual.languages import Language
from bantar_qual.records import Role
from bantar_qual.text.turns import labels

_ASKS = 0.5  # who ends half of the turns with a question asks the questions
_ASKS_MORE = 0.2  # or a fifth, and twice as often as anybody else


def roles_of(spoken: Sequence[tuple[str, str]], language: Language) -> tuple[dict[str, Role], str]:
    """Give each label its role; name the interviewer if that had to be guessed.

    Parameters
    ----------
    spoken
        The label and the words of each turn.
    language
        The words that name interviewers and informants.

    Returns
    -------
    tuple of dict and str
        The roles, and the label that was taken to be the interviewer although its word does not
        say so; else an empty string. Turns without a label answer in a talk with labels.
    """
    names = list(dict.fromkeys(label for label, _ in spoken))
    roles: dict[str, Role] = {name: labels.role_of(name, language) for name in names if name}
    sure = [n for n, role in roles.items() if role == "interviewer" and len(labels.bare(n)) > 1]
    guessed = ""
    if not sure and len(roles) > 1:
        sure = _unlike_the_rest(list(roles)) or _asker(spoken)
        guessed = "" if not sure or roles[sure[0]] == "interviewer" else sure[0]
    interviewers = sure or [name for name, role in roles.items() if role == "interviewer"]
    found: dict[str, Role] = {
        name: "interviewer" if name in interviewers else "informant" for name in roles
    }
    # Captions and machines leave a voice unnamed: nobody knows whether it asks or answers.
    # Under the numbered questions of a guide, the unnamed voice is the one that answers.
    guide = roles and all(labels.bare(n) in labels.question_words(language) for n in roles)
    found[""] = "informant" if guide else ""
    return found, guessed


def _unlike_the_rest(names: Sequence[str]) -> list[str]:
    """Return the interviewer of ``I`` with ``P1``, ``P2``: the one letter without a number.

    Single letters mean different things to different people: P asks in one transcript and
    answers in the next.
    """
    letters = [name for name in names if len(labels.bare(name)) == 1]
    plain = [name for name in letters if not labels.numbered(name)]
    kinds = {labels.bare(name) for name in letters if name not in plain}
    alone = len(letters) == len(names) and len(plain) == 1 and len(kinds) == 1
    return plain if alone and labels.bare(plain[0]) not in kinds else []


def _asker(spoken: Sequence[tuple[str, str]]) -> list[str]:
    """Return who asks the questions, where that is plain."""
    asked = Counter(label for label, said in spoken if said.rstrip(' "”»)*_').endswith("?"))
    turns = Counter(label for label, _ in spoken if label)
    share = {label: asked[label] / count for label, count in turns.items()}
    first = max(share, key=lambda label: share[label])
    second = max((share[label] for label in share if label != first), default=0.0)
    plain = share[first] >= _ASKS or share[first] >= max(_ASKS_MORE, 2 * second)
    return [first] if plain else []
