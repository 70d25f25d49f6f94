"""Runs programs and measures them: wall time, processor time and peak memory of the whole tree.

Comes in: a table of commands. Goes out: a table of figures. The commands of one table are run in
turns, round by round, so that a machine that grows slow meanwhile slows all of them.
"""

import os
import signal
import statistics
import sys
import time
from dataclasses import dataclass, field


@dataclass
class Command:
    """A program to run: its name in the table, its arguments, and where it runs."""

    name: str
    argv: list[str]
    folder: str
    # Exit codes that mean success. grep-like programs say 1 for "nothing found".
    good: tuple[int, ...] = (0,)
    env: dict[str, str] = field(default_factory=dict)


@dataclass
class Run:
    """One run of a command, in seconds and bytes."""

    wall: float
    cpu: float
    memory: int
    out_bytes: int


@dataclass
class Figures:
    """All runs of a command; or why there are none."""

    command: Command
    runs: list[Run] = field(default_factory=list)
    failed: str | None = None

    def wall(self) -> float:
        return statistics.median(r.wall for r in self.runs)

    def cpu(self) -> float:
        return statistics.median(r.cpu for r in self.runs)

    def memory(self) -> int:
        return max(r.memory for r in self.runs)

    def spread(self) -> float:
        """The slowest run beside the median one: a figure above 1.2 asks for a quieter machine."""
        return max(r.wall for r in self.runs) / self.wall()


def run(command: Command, limit: float, scratch: str) -> Run | str:
    """Runs a command once. A string says why it could not be measured."""
    out_path, err_path = os.path.join(scratch, "stdout"), os.path.join(scratch, "stderr")
    env = {**os.environ, "NO_COLOR": "1", **command.env}
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.setsid()
        os.chdir(command.folder)
        for path, target in ((os.devnull, 0), (out_path, 1), (err_path, 2)):
            flags = os.O_RDONLY if target == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            os.dup2(os.open(path, flags), target)
        try:
            os.execvpe(command.argv[0], command.argv, env)
        except OSError as error:
            os.write(2, str(error).encode())
            os._exit(127)
    late = False

    def stop(*_: object) -> None:
        nonlocal late
        late = True
        os.killpg(pid, signal.SIGKILL)

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, limit)
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - started
    signal.setitimer(signal.ITIMER_REAL, 0)
    if late:
        return f"stopped after {limit:.0f} s"
    code = os.waitstatus_to_exitcode(status)
    if code not in command.good:
        with open(err_path, errors="replace") as err:
            said = err.read().strip().splitlines()
        return f"exit {code}: {said[-1][:120] if said else 'no message'}"
    memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Run(wall, usage.ru_utime + usage.ru_stime, memory, os.path.getsize(out_path))


def measure(commands: list[Command], rounds: int, limit: float, scratch: str) -> list[Figures]:
    """Runs each command once unmeasured and then `rounds` times, in turns.

    A command that takes more than ten seconds is run three times at most.
    """
    table = [Figures(command) for command in commands]
    for nth in range(rounds + 1):
        for figures in table:
            slow = nth > 3 and figures.runs and figures.wall() > 10
            if figures.failed or slow:
                continue
            result = run(figures.command, limit, scratch)
            if isinstance(result, str):
                figures.failed = result
            elif nth > 0:
                figures.runs.append(result)
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return table
