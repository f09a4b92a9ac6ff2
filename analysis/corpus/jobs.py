"""The same work many times: in threads, in other processes of this machine, or on a Dask cluster."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, TypeVar

from analysis.errors import OptionError, Problem, StudyError

if TYPE_CHECKING:
    from distributed import Client

GUARD = 'if __name__ == "__main__":'
PATIENCE = 10  # seconds for a scheduler to answer
Job, Result = TypeVar("Job"), TypeVar("Result")


def in_threads(work: Callable[[Job], Result], items: Iterable[Job]) -> Iterator[Result]:
    """Yield what the work gives for each item, in their order: for work on arrays, which lets other threads run.

    The results do not depend on the number of threads, which is that of the cores. Work that is done in a thread does
    its own parts one after another.
    """
    items = list(items)
    if len(items) < 2 or threading.current_thread() is not threading.main_thread():
        yield from map(work, items)
        return
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(work, items)


def run_jobs(
    work: Callable[[Job], Result], jobs: Sequence[Job], *, scheduler: str = "", processes: int = 0
) -> Iterator[Result]:
    """Do the work for each job; yield the results as they come, in any order.

    Parameters
    ----------
    work : callable
        A function of a module, so that another process can import it. It must bear to be done twice.
    jobs : sequence
        What to call it with.
    scheduler : str
        The address of a Dask scheduler, such as ``tcp://host:8786``. Its workers need this package and must see the
        same files.
    processes : int
        How many other processes of this machine to use; 0 for threads of this one.

    Raises
    ------
    StudyError
        The scheduler does not answer, the cluster breaks off, or a process has died; and whatever `work` raises.
    """
    if processes < 0:
        raise OptionError(Problem("processes", f"{processes} is below 0", "Give a number, or 0 for threads."))
    if scheduler:
        yield from _on_cluster(work, jobs, scheduler)
    elif processes:
        yield from _in_processes(work, jobs, processes)
    else:
        yield from in_threads(work, jobs)


def _in_processes(work: Callable, jobs: Sequence, processes: int) -> Iterator:
    """On this machine."""
    if multiprocessing.parent_process() is not None:
        what = "a process that was started to help has begun the whole work anew"
        raise OptionError(Problem("processes", what, f"Put the call under `{GUARD}`, or leave the number out."))
    pool = ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))
    try:
        for future in as_completed([pool.submit(work, job) for job in jobs]):
            yield future.result()
    except BrokenProcessPool:
        what = f"a process ended in the middle of its work: for want of memory, or of `{GUARD}` above the call"
        raise StudyError(Problem("processes", what, "Then run the same again: what is done is kept.")) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _on_cluster(work: Callable, jobs: Sequence, scheduler: str) -> Iterator:
    """On a cluster, which gives the work of a worker that dies to another."""
    from distributed import KilledWorker
    from distributed import as_completed as as_dask_completes
    from distributed.comm.core import CommClosedError

    try:
        with _client(scheduler) as client:
            for future in as_dask_completes(client.map(work, jobs, pure=False)):
                yield future.result()
    except (KilledWorker, CancelledError, CommClosedError) as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())
        what = f"the cluster broke off in the middle of its work ({said})"
        raise StudyError(Problem("scheduler", what, "Then run the same again: what is done is kept.")) from None


def _client(scheduler: str) -> Client:
    """A client of a scheduler.

    One that came to nothing closes itself when it is collected as garbage. Were that while another one begins, it would
    wait for a lock that its own thread holds, and so for ever: therefore it is collected at once.
    """
    from distributed import Client

    try:
        return Client(scheduler, timeout=PATIENCE)
    except (OSError, ValueError, TypeError, ImportError) as error:
        what = f"no Dask scheduler answers at “{scheduler}” ({error})"
    gc.collect()
    raise OptionError(Problem("scheduler", what, "Start one with `dask scheduler`, or leave it out."))
