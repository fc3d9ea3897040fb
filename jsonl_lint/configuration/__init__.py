"""Where settings come from: options, environment variables, config files, defaults; and how they become one.

Three stages: a `Layer` holds what one place says, raw but of the right types; a `Configuration` is all layers merged, each
value with where it comes from; `Settings` and `Display` are the result, with nothing left open.
"""

from __future__ import annotations

from jsonl_lint.configuration.layer import Layer
from jsonl_lint.configuration.merge import Configuration, merge
from jsonl_lint.configuration.sources import load

__all__ = ["Configuration", "Layer", "load", "merge"]
