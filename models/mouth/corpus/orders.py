"""What the people of en_many_voices say: all of them order coffee, so a grammar of orders hears it.

Nobody wrote their words down, and a recogniser that expects any English gets every second word wrong in their
accents and rooms. One that expects an order gets whole sentences right, and so their sounds are known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track

from .recordings import Recording, sound

ORDERED = "en_many_voices"
"""The group that is understood so."""

GRAMMAR = """#JSGF V1.0;
grammar orders;
public <order> = [<hello>] [<asking>] [<article>] <cup> [with <extras>] [please];
<hello> = please | hi | hello | hey | okay;
<asking> = (can | could | may) (i | you | we) (get | have | order | make) [me]
         | (can | could) you (make | brew | get | give) me
         | (i'd | i would) like [to (get | have | order)]
         | i want [to (get | have | order)] | i wanna [get | have | order]
         | (i'll | i will) (have | get | take) | i need
         | (give | get | make | brew | bring) me | let me (get | have) | make | brew | get;
<article> = a | an | one | the | some;
<cup> = (<size> | <shots> | <roast>)* <drink>;
<size> = small | medium | large | extra large | (eight | ten | twelve | sixteen | twenty) ounce;
<shots> = (single | double | triple | quadruple) shot;
<roast> = (light | medium | dark) roast;
<drink> = [house | iced | ice] coffee | [iced | ice] (americano | cappuccino | latte | mocha)
        | [double] espresso;
<extras> = <extra> ([and] [with] <extra>)*;
<extra> = [<amount>] <thing>;
<amount> = some | extra | [a] little | [a] (lot | bit) of | lots of | [a] little bit of | a good amount of;
<thing> = [skim | whole | soy | soya | almond | two percent] milk | cream | half and half
        | [brown] sugar | sweetener | honey;
"""

BEAMS = {"beam": 1e-80, "pbeam": 1e-80, "wbeam": 1e-50}
"""How unlikely a path may be and still be followed: wider than usual, since accents and rooms are unusual."""

COMPLETE = {
    "coffee", "americano", "cappuccino", "latte", "mocha", "espresso", "milk", "cream", "half", "sugar",
    "sweetener", "honey",
}  # fmt: skip
"""Words with which an order may end: what comes after the last of them was a noise."""


def orders(recordings: Iterable[Recording], kept: Path) -> dict[str, str]:
    """The words of recordings, by the stem of the file, without those that fit no order.

    Kept in the JSON file `kept`.
    """
    if kept.exists():
        found: dict[str, str] = json.loads(kept.read_text())
        return found
    from pocketsphinx import Decoder  # late: who only wants the names of sounds need not install it

    # A second pass over the lattice says the same, and takes 25 times as long
    decoder = Decoder(samprate=16_000, loglevel="FATAL", lm=None, bestpath=False, **BEAMS)
    decoder.add_jsgf_string("orders", GRAMMAR)
    decoder.activate_search("orders")
    found = {}
    for one in track([*recordings], "hearing orders", console=Console(stderr=True)):
        pcm = (np.clip(sound(one.path), -1, 1) * 32767).astype(np.int16).tobytes()
        decoder.start_utt()
        decoder.process_raw(pcm, full_utt=True)
        decoder.end_utt()
        if (said := decoder.hyp()) and (words := complete(said.hypstr)):
            found[one.path.stem] = words
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(found))
    return found


def complete(words: str) -> str:
    """An order without what is heard after its end; empty if there is no end."""
    said = words.split()
    while said and said[-1] not in COMPLETE:
        said.pop()
    return " ".join(said)
