"""What the peers' scripts of this folder share: their arguments, which are those of peer_bench.py,
the table in the folder that they are given, and its output, one JSON line per item.

usage: SCRIPT FOLDER [--items a,b,...] [--threads N] [--rows N]

Each item runs in a process of its own; base_rss_mb is taken just before the measured part.
"""
import argparse, json, os, resource, time

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--items", default="")
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--rows", type=int, default=284807)
arguments = parser.parse_args()
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(arguments.threads)  # before numpy is imported
import numpy as np

FEATURES = 30


def path(name):
    return os.path.join(arguments.folder, name)


def labels():
    return np.fromfile(path("bench_y.u8"), np.uint8).astype(int)


def scores():
    return np.fromfile(path("bench_scores.f64"), "<f8")


def features():
    return np.fromfile(path("bench_x.f32"), "<f4").reshape(-1, FEATURES)


def standardized():
    X = features().astype(np.float64)
    return (X - X.mean(0)) / X.std(0)


def resident():
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024


def measured(prepare):
    work = prepare()
    base, cpu, wall = resident(), time.process_time(), time.perf_counter()
    results = work()
    wall_s, cpu_s = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    results.update(getattr(work, "check", dict)())
    return dict(wall_s=wall_s, cpu_s=cpu_s, peak_rss_mb=peak, base_rss_mb=base, **results)


def main(items):
    for name in [each for each in arguments.items.split(",") if each] or list(items):
        pid = os.fork()
        if pid == 0:
            try:
                result = measured(items[name])
            except Exception as error:
                result = dict(error=f"{type(error).__name__}: {error}")
            print(json.dumps(dict(item=name, **result)), flush=True)
            os._exit(0)
        os.waitpid(pid, 0)
