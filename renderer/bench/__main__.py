"""`python -m renderer.bench ORDER BEGAN` carries one order out; `avatar bench` gives them."""

from __future__ import annotations

import json
import sys

from ..errors import RendererError
from .order import ANSWER, Order, carry_out

if __name__ == "__main__":
    try:
        print(ANSWER + json.dumps(carry_out(Order(**json.loads(sys.argv[1])), float(sys.argv[2]))))
    except RendererError as error:
        sys.exit(str(error))
