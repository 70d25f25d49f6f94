#!/usr/bin/env python3
"""Compares dmmigrate with its peers, side by side in one run, and prints tables in Markdown.

    benches/compare.py                               GOROOT/src, all workloads
    benches/compare.py --corpus PATH --dense-import P --dense-call pkg.Old --dense-to pkg.New \\
        --sparse-import OLD --sparse-to NEW          a large repository of yours
    benches/compare.py --only dense,sparse --rounds 9

Needs Python 3.11 and nothing else. Programs that are not on the PATH are left out: rg, ast-grep,
gofmt, gopatch, eg, semgrep. Nothing is written into the corpus.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile

import workloads
from measure import Figures, measure

HERE = os.path.dirname(os.path.abspath(__file__))
ALL = ["dense", "sparse", "typed", "hundred", "small", "copies"]


def main() -> int:
    args = arguments()
    programs = workloads.Programs(release_binary(args.dmmigrate), args.peers.split(",") if args.peers else [])
    corpus = os.path.abspath(args.corpus or goroot_source())
    subject = subject_of(args)
    print_machine(corpus)
    # Beside the corpus, where hard links can be made.
    with tempfile.TemporaryDirectory(prefix="dmmigrate-bench-", dir=args.scratch) as scratch:
        for name in args.only.split(","):
            commands = {
                "dense": lambda: workloads.dense(programs, corpus, subject, scratch),
                "sparse": lambda: workloads.sparse(programs, corpus, subject, scratch),
                "typed": lambda: workloads.typed(programs, corpus, subject, scratch),
                "hundred": lambda: workloads.hundred(programs, corpus, subject, scratch),
                "small": lambda: workloads.small(programs, scratch),
                "copies": lambda: workloads.copies(programs, corpus, subject, scratch, args.copies),
            }[name]()
            table = measure(commands, args.rounds, args.limit, scratch)
            print(f"\n### {name}\n")
            print_table(table)
    return 0


def arguments() -> argparse.Namespace:
    default = workloads.STANDARD_LIBRARY
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", help="a folder of Go files; GOROOT/src if not given")
    parser.add_argument("--only", default=",".join(ALL), help="workloads: " + ", ".join(ALL))
    parser.add_argument("--peers", help="only these programs, separated by commas")
    parser.add_argument("--rounds", type=int, default=5, help="measured runs of each command (default 5)")
    parser.add_argument("--limit", type=float, default=300, help="seconds after which a command is stopped")
    parser.add_argument("--copies", type=int, default=32, help="the most copies of the corpus (default 32)")
    parser.add_argument("--scratch", help="a folder for copies, on the file system of the corpus")
    parser.add_argument("--dmmigrate", help="the program; target/release/dmmigrate, built, if not given")
    parser.add_argument("--dense-import", default=default.dense_import)
    parser.add_argument("--dense-call", default=default.dense_from, help="a function of two arguments")
    parser.add_argument("--dense-to", default=default.dense_to)
    parser.add_argument("--sparse-import", default=default.sparse_from)
    parser.add_argument("--sparse-to", default=default.sparse_to)
    return parser.parse_args()


def subject_of(args: argparse.Namespace) -> workloads.Subject:
    return workloads.Subject(
        dense_import=args.dense_import,
        dense_from=args.dense_call,
        dense_to=args.dense_to,
        sparse_from=args.sparse_import,
        sparse_to=args.sparse_to,
    )


def release_binary(given: str | None) -> str:
    if given:
        return os.path.abspath(given)
    root = os.path.dirname(HERE)
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=root, check=True)
    return os.path.join(root, "target", "release", "dmmigrate")


def goroot_source() -> str:
    root = subprocess.run(["go", "env", "GOROOT"], capture_output=True, text=True, check=True)
    return os.path.join(root.stdout.strip(), "src")


def print_machine(corpus: str) -> None:
    files = list(workloads.go_files(corpus))
    size = sum(os.path.getsize(path) for path in files)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"{len(files):,} Go files, {size / 1e6:,.0f} MB; {cores} cores, {platform.machine()}, {platform.system()}")


def print_table(table: list[Figures]) -> None:
    first = table[0]
    print("| program | median | processor | ratio | slowest/median | peak memory | printed |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for figures in table:
        name = figures.command.name
        if figures.failed:
            print(f"| {name} | {figures.failed} | | | | | |")
            continue
        ratio = figures.wall() / first.wall() if first.runs else float("nan")
        print(
            f"| {name} | {figures.wall():.3f} s | {figures.cpu():.3f} s | {ratio:.2f} x "
            f"| {figures.spread():.2f} | {figures.memory() / 1e6:.0f} MB | {figures.runs[-1].out_bytes / 1e3:,.0f} kB |"
        )
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
