"""The command line: parses to a request, calls the library, says the exit code."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

__all__ = ["main", "run"]

PROGRAM = "jsonl-lint"

# So many new objects, most of them modules and rows that are gone by then, are let be before garbage is collected. That holds
# while modules are loaded, too, so that all of them but this one are loaded later.
COLLECT_AFTER = 200_000

# Numpy is loaded without a thread for each core: nothing here computes with matrices, and with threads nothing can fork.
LONE_THREAD = ("OPENBLAS_NUM_THREADS", "1")

# Set by the scripts that `jsonl-lint completion` prints, when a shell asks what could stand at the cursor.
COMPLETE = "_JSONL_LINT_COMPLETE"


def run() -> NoReturn:
    """Run the command and end the process at once: to take apart what was loaded takes as long as to check a small file."""
    code = main()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        pass
    except OSError as error:
        code = known_error(error)
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code; nothing but the interpreter's own exit calls `sys.exit`."""
    gc.set_threshold(COLLECT_AFTER, 10, 10)
    os.environ.setdefault(*LONE_THREAD)
    import click

    from jsonl_lint.cli.commands import cli
    from jsonl_lint.cli.exit import ExitCode, leave_pipe

    if COMPLETE in os.environ:
        from click.shell_completion import shell_complete

        return shell_complete(cli, {}, PROGRAM, COMPLETE, os.environ[COMPLETE])
    try:
        with cli.make_context(PROGRAM, list(sys.argv[1:] if arguments is None else arguments)) as context:
            code = cli.invoke(context)
        sys.stdout.flush()
        return int(code or 0)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return ExitCode.UNUSABLE
    except (KeyboardInterrupt, click.Abort):
        click.echo("jsonl-lint: interrupted", err=True)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        leave_pipe()
        return ExitCode.CLEAN
    except Exception as error:
        return known_error(error)


def known_error(error: Exception) -> int:
    """Say what went wrong: a user's error in a sentence, a bug with how to report it."""
    import click

    from jsonl_lint.cli.exit import ExitCode, report_bug
    from jsonl_lint.errors import JsonlLintError

    if isinstance(error, JsonlLintError | OSError):
        click.echo(f"jsonl-lint: {error}", err=True)
        return ExitCode.UNUSABLE
    report_bug(error)
    return ExitCode.BUG
