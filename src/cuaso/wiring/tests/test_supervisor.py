"""The supervisor with small real processes."""

import asyncio
import os
import signal
import socket
from pathlib import Path
from typing import Any

import pytest

from cuaso.kernel.errors import Conflict, Unavailable
from cuaso.wiring import child, supervisor
from cuaso.wiring.cli import up
from cuaso.wiring.declared import Process
from cuaso.wiring.running_house import free_ports
from cuaso.wiring.supervisor import Supervisor, check_ports

PATIENT = (
    "import signal, sys, time\n"
    "def end(*_):\n"
    "    open(sys.argv[2], 'a').write(sys.argv[1] + '\\n'); sys.exit(0)\n"
    "signal.signal(signal.SIGTERM, end)\n"
    "print('working', flush=True)\n"
    "while True: time.sleep(0.05)\n"
)


def patient(name: str, record: str) -> Process:
    return Process(name=name, title=name, argv=("{python}", "-c", PATIENT, name, record))


def house(processes: tuple[Process, ...], tmp_path, **more: Any) -> Supervisor:
    return Supervisor(
        processes=processes,
        host="127.0.0.1",
        first_port=free_ports(),
        environment=dict(os.environ),
        logs=tmp_path / "log",
        **more,
    )


async def until(condition, seconds: float = 20) -> None:
    for _ in range(int(seconds / 0.05)):
        if condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("nothing happened")


def lives(pid: str) -> bool:
    """Tell whether a process runs; a corpse that nobody collected does not."""
    try:
        Path("/proc", pid, "cwd").readlink()
    except OSError:
        return False
    return True


def end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def soon() -> None:
    asyncio.get_running_loop().call_later(0.5, end)


def test_ctrl_c_stops_all_in_the_reverse_order(tmp_path, capsys):
    record = tmp_path / "stopped"
    processes = tuple(patient(name, str(record)) for name in ("first", "second", "third"))

    async def story() -> None:
        running = house(processes, tmp_path)
        await running.run(ready=soon)

    asyncio.run(story())
    assert record.read_text().split() == ["third", "second", "first"]
    assert "first đã sẵn sàng" in capsys.readouterr().out


def test_a_killed_process_is_started_again_and_it_is_said(tmp_path, capsys):
    async def story() -> None:
        running = house((patient("soul", str(tmp_path / "stopped")),), tmp_path)
        ready = asyncio.Event()
        task = asyncio.ensure_future(running.run(ready=ready.set))
        await ready.wait()
        first = running.children[0].run
        assert first is not None
        os.kill(first.pid, signal.SIGKILL)
        await until(lambda: running.children[0].run is not first)
        await until(lambda: running.children[0].journal.tail(1) == ["working"])
        end()
        await task

    asyncio.run(story())
    said = capsys.readouterr().out
    assert "soul đã dừng bất ngờ (tín hiệu 9); tự khởi động lại sau 1 giây" in said
    assert "soul đã chạy lại (lần 1)." in said


def test_a_process_that_cannot_start_stops_the_house_with_its_last_words(tmp_path, monkeypatch):
    monkeypatch.setattr(child, "LONGEST_DELAY", 0.05)
    record = tmp_path / "stopped"
    broken = Process(
        name="broken",
        title="Tiến trình hỏng",
        argv=("{python}", "-c", "print('thiếu khóa'); raise SystemExit(3)"),
        port=0,
    )
    with pytest.raises(Unavailable) as refused:
        asyncio.run(house((patient("well", str(record)), broken), tmp_path).run(ready=lambda: None))
    assert refused.value.what == "Tiến trình hỏng không khởi động được."
    assert "thiếu khóa" in refused.value.why
    assert record.read_text() == "well\n"


def test_a_process_that_is_long_silent_is_waited_for_then_told_from_a_broken_one(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(supervisor, "SLOW_SECONDS", 0.2)
    monkeypatch.setattr(supervisor, "START_SECONDS", 1.0)
    sleeping = ("{python}", "-c", "import time; time.sleep(60)")
    silent = Process(name="silent", title="Tiến trình im", argv=sleeping, port=0)
    with pytest.raises(Unavailable) as refused:
        asyncio.run(house((silent,), tmp_path).run(ready=lambda: None))
    assert refused.value.code == "up.process_silent"
    assert "Nếu máy đang bận, hãy chạy lại ./cuaso up" in refused.value.mend
    said = capsys.readouterr().out
    assert said.count("! Tiến trình im chưa trả lời, có thể máy đang bận; xin chờ.") == 1


def test_a_process_that_will_not_stop_is_ended_after_a_while(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(child, "STOP_SECONDS", 0.5)
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('deaf', flush=True)\nwhile True: time.sleep(0.05)"
    )
    deaf = Process(name="deaf", title="deaf", argv=("{python}", "-c", stubborn))

    async def story() -> tuple[int, tuple[str, ...]]:
        running = house((deaf,), tmp_path)
        ready = asyncio.Event()
        task = asyncio.ensure_future(running.run(ready=ready.set))
        await ready.wait()
        await until(lambda: running.children[0].journal.tail(1) == ["deaf"])
        end()
        await task
        run = running.children[0].run
        assert run is not None
        return await run.wait(), running.forced

    assert asyncio.run(story()) == (-signal.SIGKILL, ("deaf",))
    assert "deaf không dừng sau 0 giây; đã buộc dừng." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("forced", "said"),
    [
        ((), "✓ Đã dừng sạch; dữ liệu còn nguyên trong"),
        (("Công việc nền",), "! Đã dừng, nhưng phải buộc dừng: Công việc nền. Việc đang làm dở"),
    ],
)
def test_who_stops_the_house_reads_whether_it_stopped_cleanly(forced, said, capsys):
    up._take_leave(forced)
    assert capsys.readouterr().out.startswith(said)


def test_what_a_killed_process_leaves_behind_is_swept_and_it_comes_back(tmp_path):
    """A server killed outright leaves a worker that holds its port and its output."""
    parent = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)'])\n"
        "print(child.pid, flush=True)\nchild.wait()"
    )
    server = Process(name="server", title="server", argv=("{python}", "-c", parent))

    async def story() -> str:
        running = house((server,), tmp_path)
        only = running.children[0]
        ready = asyncio.Event()
        task = asyncio.ensure_future(running.run(ready=ready.set))
        await ready.wait()
        first = only.run
        assert first is not None
        await until(lambda: only.journal.tail(1)[0] != "process started")
        orphan = only.journal.tail(1)[0]
        assert lives(orphan)
        os.kill(first.pid, signal.SIGKILL)
        await until(lambda: only.run is not first)
        await until(lambda: only.journal.tail(1)[0] != "process started")
        end()
        await task
        return orphan

    assert not lives(asyncio.run(story()))


def test_processes_learn_each_others_addresses_and_share_secrets(tmp_path):
    teller = Process(
        name="teller",
        title="teller",
        argv=("true",),
        port=3,
        tells={"CUASO_T_URL": "http://127.0.0.1:{port}"},
        secrets=("CUASO_T_SECRET",),
    )
    running = Supervisor(
        processes=(teller, patient("listener", "x")),
        host="0.0.0.0",
        first_port=9000,
        environment={"PATH": os.environ["PATH"]},
        logs=tmp_path,
    )
    one, two = (each._environment for each in running.children)
    assert one["CUASO_T_URL"] == two["CUASO_T_URL"] == "http://127.0.0.1:9003"
    assert one["CUASO_T_SECRET"] == two["CUASO_T_SECRET"] != ""
    assert running.told == {"CUASO_T_URL": "http://127.0.0.1:9003"}


def test_a_taken_port_is_said_with_another_choice():
    port = free_ports()
    web = Process(name="web", title="Trang", argv=("true",), port=0, public=True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(Conflict) as refused:
            check_ports(processes=(web,), host="127.0.0.1", first_port=port)
    assert refused.value.code == "up.port_taken"
    assert refused.value.what.startswith(f"Cổng {port} (Trang) không dùng được")
    assert f"CUASO_PORT={port + 1000} ./cuaso up" in refused.value.mend


def test_the_log_of_a_process_is_json_lines_whatever_it_prints(tmp_path):
    printing = "import json; print('plain'); print(json.dumps(dict(event='structured')))"
    talker = Process(name="talker", title="talker", argv=("{python}", "-c", printing))

    async def story() -> list[str]:
        running = house((talker,), tmp_path)
        only = running.children[0]
        await only._once()
        only.journal.close()
        return only.journal.tail(3)

    assert asyncio.run(story()) == ["process started", "plain", "structured"]
