#!/usr/bin/env python3
"""Runs one item of a peers' script on demand, in the protocol of ../run-item.ts.

usage: drive.py SCRIPT ITEM FOLDER ROWS

SCRIPT defines ITEMS, a dictionary from a name to a function that prepares the item and returns what
is measured; that returns a dictionary of results, and may have an attribute `check`, a function that
returns more of them and is not measured. The script is loaded with the arguments of peer_bench.py
and no item of its own to run. Where it makes scores of its own (a function `score`), it gets those
of the table, so that both sides see the same numbers.
"""
import gc, importlib.util, json, os, sys, time

script, item, folder, rows = sys.argv[1:5]
answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)  # whatever the libraries print goes to the standard error

sys.argv = [script, folder, "--items", "none", "--threads", "1", "--rows", rows]
sys.path.insert(0, os.path.dirname(script))
spec = importlib.util.spec_from_file_location("peers", script)
peers = importlib.util.module_from_spec(spec)
spec.loader.exec_module(peers)
if hasattr(peers, "score"):
    import numpy as np

    peers.score = lambda y: np.fromfile(os.path.join(folder, "bench_scores.f64"), "<f8")


def resident(field):
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith(field):
                return int(line.split()[1]) / 1024


def measure(work):
    base = resident("VmRSS")
    with open("/proc/self/clear_refs", "w") as refs:
        refs.write("5")  # the peak counts from here
    cpu = time.process_time()
    wall = time.perf_counter()
    results = work()
    wall_s = time.perf_counter() - wall
    cpu_s = time.process_time() - cpu
    peak = resident("VmHWM")
    return dict(cpu_s=cpu_s, wall_s=wall_s, base_rss_mb=base, peak_rss_mb=peak), results


work = peers.ITEMS[item]()
results = {}
gc.collect()
answers.write('{"ready": true}\n')
for line in sys.stdin:
    if line.strip() == "run":
        measurement, results = measure(work)
        answer = dict(measurement, scale=results.pop("scale", 1))
    else:
        answer = dict(results, **getattr(work, "check", dict)())
    answers.write(json.dumps(answer) + "\n")
