"""Jobs without a worker: who sees and stops them, what happens to their rows."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from nok_portal.reports import pulse, services, tasks
from nok_portal.reports.models import BackgroundJob
from nok_portal.tenants.models import Organization
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from tests.factories import NOW, MunicipalityFactory, OrganizationFactory, UserFactory, member_of, ministry_of
from tests.reports import worker_kinds

State = BackgroundJob.State
real_transactions = pytest.mark.django_db(transaction=True)
pytestmark = pytest.mark.django_db


@pytest.fixture
def municipality():
    return MunicipalityFactory()


@pytest.fixture
def bells(monkeypatch) -> list[dict]:
    """What would have gone to the broker."""
    rung: list[dict] = []
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda **message: rung.append(message))
    return rung


def make_job(municipality, kind="test.file", **values: Any) -> BackgroundJob:
    values = {"title": "Работа", "parameters": {"rows": 2}, "created_at": NOW, "queued_at": NOW} | values
    if values.get("state") in (State.DONE, State.FAILED, State.STOPPED):
        values.setdefault("finished_at", NOW)
    with scope(writable=[municipality.pk]):
        return BackgroundJob.objects.create(municipality=municipality, kind=kind, **values)


def now(job: BackgroundJob) -> BackgroundJob:
    with scope(readable=[job.municipality_id]):
        return BackgroundJob.objects.get(pk=job.pk)


def run(job: BackgroundJob) -> None:
    services.run_job(municipality_id=job.municipality_id, job_id=job.pk)


def organizations(municipality) -> int:
    with scope(readable=[municipality.pk]):
        return Organization.objects.count()


# --- starting, stopping, repeating -----------------------------------------------------------------


def test_start_rings_after_commit_on_the_queue_of_its_kind(municipality, bells, django_capture_on_commit_callbacks):
    owner = member_of(municipality)
    with django_capture_on_commit_callbacks(execute=True), scope(writable=[municipality.pk]):
        job = services.start_job(kind="test.file", parameters={}, municipality=municipality, owner=owner, at=NOW)
        assert bells == []
    message = {"municipality_id": municipality.pk, "job_id": str(job.pk)}
    assert bells == [{"kwargs": message, "queue": worker_kinds.QUEUE}]
    assert (job.title, job.state, job.owner) == ("Файл", State.WAITING, owner)


def test_pressed_twice_is_one_job(municipality, bells):
    owner, other = member_of(municipality), member_of(municipality)
    with scope(writable=[municipality.pk]):

        def start(by, **parameters: Any):
            return services.start_job(
                kind="test.file", parameters=parameters, municipality=municipality, owner=by, at=NOW
            ).pk

        first = start(owner, rows=1)
        assert start(owner, rows=1) == first
        assert start(owner, rows=2) != first
        assert start(other, rows=1) != first
        BackgroundJob.objects.filter(pk=first).update(state=State.DONE, finished_at=NOW)
        assert start(owner, rows=1) != first


def test_stop_of_a_waiting_job_is_at_once_and_of_a_finished_one_nothing(municipality):
    waiting, done = make_job(municipality), make_job(municipality, state=State.DONE)
    with scope(writable=[municipality.pk]):
        services.stop_job(job=waiting, at=NOW)
        services.stop_job(job=done, at=NOW)
    assert now(waiting).state == State.STOPPED
    assert (now(done).state, now(done).stop_requested_at) == (State.DONE, None)
    run(waiting)
    assert organizations(municipality) == 0


@pytest.mark.parametrize("state", [State.WAITING, State.RUNNING, State.DONE])
def test_only_failed_and_stopped_are_repeated(municipality, state):
    job = make_job(municipality, state=state)
    with scope(writable=[municipality.pk]), pytest.raises(services.JobNotRepeatable):
        services.repeat_job(job=job, at=NOW)


# --- running ---------------------------------------------------------------------------------------


@real_transactions
def test_failed_job_repeated_begins_afresh(municipality, bells):
    job = make_job(municipality, kind="test.refuse")
    run(job)
    assert (now(job).state, now(job).error) == (State.FAILED, "В файле нет таблицы.")
    with scope(writable=[municipality.pk]):
        services.repeat_job(job=job, at=NOW)
        BackgroundJob.objects.filter(pk=job.pk).update(kind="test.file")
    run(job)
    assert (now(job).state, now(job).error, now(job).tries) == (State.DONE, "", 1)
    assert len(bells) == 1


@real_transactions
def test_two_workers_do_a_job_once(municipality):
    job = make_job(municipality)
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        run(job)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (now(job).state, now(job).tries, organizations(municipality)) == (State.DONE, 1, 1)


@real_transactions
def test_worker_given_up_for_dead_undoes_its_work(municipality, monkeypatch):
    """It was only slow: meanwhile the sweep has given the job to another."""
    job = make_job(municipality)

    def overtaken(*args: Any):
        BackgroundJob.objects.filter(pk=job.pk).update(tries=2)
        return worker_kinds.make_file(*args)

    slow = services.find_kind("test.file")
    monkeypatch.setattr(services, "find_kind", lambda _name: type(slow)(**{**slow.__dict__, "work": overtaken}))
    run(job)
    assert now(job).state == State.RUNNING
    assert organizations(municipality) == 0


@real_transactions
def test_work_that_another_has_taken_over_stops_at_the_next_beat(municipality, monkeypatch, tmp_path):
    monkeypatch.setattr(pulse, "INTERVAL", 0.05)
    job = make_job(municipality, kind="test.long", parameters={"says": str(tmp_path / "begun")})
    thread = threading.Thread(target=lambda: (run(job), connection.close()))
    thread.start()
    while not (tmp_path / "begun").exists():
        assert thread.is_alive()
    with scope(writable=[municipality.pk]):
        BackgroundJob.objects.filter(pk=job.pk).update(tries=2, heartbeat_at=NOW)
    thread.join(10)
    assert not thread.is_alive()
    assert (now(job).state, now(job).heartbeat_at, organizations(municipality)) == (State.RUNNING, NOW, 0)


@real_transactions
def test_snapshot_sees_one_moment(municipality, tmp_path):
    says, hears = tmp_path / "says", tmp_path / "hears"
    job = make_job(municipality, kind="test.snapshot", parameters={"says": str(says), "hears": str(hears)})
    thread = threading.Thread(target=lambda: (run(job), connection.close()))
    thread.start()
    while not says.exists():
        assert thread.is_alive()
    with scope(writable=[municipality.pk]):
        OrganizationFactory(municipality=municipality)
    Path(hears).touch()
    thread.join()
    assert now(job).result["counts"] == [0, 0]
    assert organizations(municipality) == 1


@real_transactions
def test_kind_that_the_portal_no_longer_knows_fails_plainly(municipality):
    job = make_job(municipality, kind="gone")
    run(job)
    assert (now(job).state, now(job).error) == (State.FAILED, services.UNHEARD)


# --- the sweep -------------------------------------------------------------------------------------


def test_sweep_takes_only_what_nobody_does(municipality, bells, django_capture_on_commit_callbacks):
    silent = NOW - services.SILENCE
    unheard = NOW - services.RING_AGAIN
    second = timedelta(seconds=1)
    dead = make_job(municipality, state=State.RUNNING, tries=1, heartbeat_at=silent)
    forgotten = make_job(municipality, queued_at=unheard)
    stopping = make_job(municipality, state=State.RUNNING, tries=1, heartbeat_at=silent, stop_requested_at=silent)
    given_up = make_job(municipality, state=State.RUNNING, tries=services.MOST_TRIES, heartbeat_at=silent)
    untouched = [
        make_job(municipality, state=State.RUNNING, tries=1, heartbeat_at=silent + second),
        make_job(municipality, queued_at=unheard + second),
        make_job(municipality, state=State.FAILED, queued_at=unheard),
    ]
    before = [(job.state, job.queued_at) for job in untouched]
    with django_capture_on_commit_callbacks(execute=True):
        assert services.pick_up_jobs(municipality_ids=[municipality.pk], at=NOW) == 2
    assert {message["kwargs"]["job_id"] for message in bells} == {str(dead.pk), str(forgotten.pk)}
    assert [now(job).state for job in (dead, forgotten)] == [State.WAITING] * 2
    assert now(stopping).state == State.STOPPED
    assert (now(given_up).state, now(given_up).error[:26]) == (State.FAILED, "Работа прерывалась 3 раза ")
    assert [(now(job).state, now(job).queued_at) for job in untouched] == before
    # the bell has just been rung
    assert services.pick_up_jobs(municipality_ids=[municipality.pk], at=NOW) == 0


# --- pages -----------------------------------------------------------------------------------------


def url(name: str, job: BackgroundJob) -> str:
    return reverse(f"office:{name}", args=[job.municipality.slug, job.pk])


def test_job_page_shows_amount_stop_and_goes_on_asking(client, municipality):
    owner = member_of(municipality)
    job = make_job(municipality, owner=owner, state=State.RUNNING, done_units=7, total_units=11)
    client.force_login(owner)
    page = client.get(url("job", job)).content.decode()
    assert "7 из 11 строк" in page
    assert f'hx-get="{url("job", job)}"' in page
    assert f'action="{url("stop_job", job)}"' in page
    part = client.get(url("job", job), headers={"hx-request": "true"}).content.decode()
    assert "7 из 11 строк" in part
    assert "<html" not in part


def test_failed_job_shows_why_and_what_to_do(client, municipality):
    owner = member_of(municipality)
    job = make_job(municipality, owner=owner, state=State.FAILED, error="В файле нет таблицы.")
    client.force_login(owner)
    assert client.get(url("job", job), headers={"hx-request": "true"})["HX-Refresh"] == "true"
    page = client.get(url("job", job)).content.decode()
    assert "В файле нет таблицы." in page
    assert f'action="{url("repeat_job", job)}"' in page


def test_finished_job_leads_on_and_asks_no_more(client, municipality):
    owner = member_of(municipality)
    job = make_job(municipality, owner=owner, state=State.DONE, result={"url": "/there/", "link": "Открыть план"})
    client.force_login(owner)
    assert client.get(url("job", job), headers={"hx-request": "true"})["HX-Redirect"] == "/there/"
    page = client.get(url("job", job))
    assert '<a class="btn btn-primary" href="/there/">Открыть план</a>' in page.content.decode()
    assert "hx-get" not in page.content.decode().partition('class="job"')[2].partition(">")[0]


@real_transactions
def test_file_of_a_job_is_for_whoever_may_see_the_job(client, municipality):
    job = make_job(municipality, owner=member_of(municipality))
    run(job)
    link = reverse("office:file", args=[municipality.slug, now(job).file_id])
    client.force_login(job.owner)
    assert link in client.get(url("job", job)).content.decode()
    assert b"".join(client.get(link)).decode() == "Строк: 2"
    with scope(writable=[municipality.pk]):
        BackgroundJob.objects.filter(pk=job.pk).update(kind="test.refuse")  # wants the right to edit plans
    client.force_login(member_of(municipality, Role.COUNCIL_MEMBER))
    assert client.get(link).status_code == 403
    assert client.get(url("job", job)).status_code == 404


def test_others_who_see_a_job_cannot_stop_or_repeat_it(client, municipality):
    job = make_job(municipality, owner=member_of(municipality))
    for other in (member_of(municipality, Role.ADMINISTRATOR), ministry_of(municipality.region)):
        client.force_login(other)
        assert "Остановить" not in client.get(url("job", job)).content.decode()
        assert client.post(url("stop_job", job)).status_code == 403
        assert client.post(url("repeat_job", job)).status_code == 403
    assert now(job).state == State.WAITING


def test_owner_who_may_only_read_now_changes_nothing(client, municipality):
    owner = ministry_of(municipality.region)
    job = make_job(municipality, owner=owner)
    client.force_login(owner)
    assert "Остановить" not in client.get(url("job", job)).content.decode()
    for name in ("stop_job", "repeat_job"):
        answer = client.post(url(name, job))
        assert answer.status_code == 403
        assert "можете здесь только смотреть" in answer.content.decode()
    assert now(job).state == State.WAITING


def test_owner_stops_and_repeats(client, municipality, bells, django_capture_on_commit_callbacks):
    job = make_job(municipality, owner=member_of(municipality))
    client.force_login(job.owner)
    assert client.post(url("stop_job", job))["Location"] == url("job", job)
    assert now(job).state == State.STOPPED
    assert f'action="{url("repeat_job", job)}"' in client.get(url("job", job)).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("repeat_job", job))
    assert now(job).state == State.WAITING
    assert len(bells) == 1
    answer = client.post(url("repeat_job", job), follow=True)
    assert "Повторить можно только то" in answer.content.decode()


def test_list_shows_ones_own_with_a_constant_number_of_queries(client, municipality, django_assert_num_queries):
    owner = member_of(municipality)
    address = reverse("office:jobs", args=[municipality.slug])
    client.force_login(owner)
    assert "Заданий пока нет" in client.get(address).content.decode()
    make_job(municipality, owner=owner, title="Моё задание 1")
    make_job(municipality, owner=UserFactory(), title="Чужое задание")
    page = client.get(address).content.decode()
    assert "Моё задание 1" in page
    assert "Чужое задание" not in page
    with django_assert_num_queries(17) as first:
        client.get(address)
    make_job(municipality, owner=owner)
    make_job(municipality, owner=owner)
    with django_assert_num_queries(len(first)):
        client.get(address)
