import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connections, transaction

from cuaso.foundation.audit import api
from cuaso.foundation.audit.contracts import Publication
from cuaso.foundation.audit.logic.deliver import delay_after
from cuaso.foundation.audit.models import Delivery, Event
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.subjects import Subject

NOON = datetime(2025, 8, 4, 5, 0, tzinfo=UTC)
ONE = Subject(kind="procedures.dossier", id=UUID(int=1))
TWO = Subject(kind="procedures.dossier", id=UUID(int=2))


class Ears:
    """Two subscribers; `first` fails while its subject is in `broken`."""

    def __init__(self):
        self.heard, self.broken = [], set()

    def first(self, event):
        if event.subject in self.broken:
            raise ValueError(f"cannot hear {event.payload['n']}")
        self.heard.append(("first", event.payload["n"]))

    def second(self, event):
        self.heard.append(("second", event.payload["n"]))

    @property
    def mapping(self):
        return {"a": [self.first, self.second], "b": [self.first]}


@pytest.fixture
def ears():
    return Ears()


def publish(topic="a", subject=ONE, n=0, **options):
    return api.publish(topic=topic, subject=subject, payload={"n": n}, **options)


@pytest.mark.django_db
def test_an_event_reaches_every_subscriber_once(ears):
    event_id = publish(n=1, trace="t")
    publish("nobody listens", n=2)
    assert api.deliver(ears.mapping) == 2
    assert api.deliver(ears.mapping) == 0
    assert ears.heard == [("first", 1), ("second", 1)]
    event = Event.objects.get(event_id=event_id)
    assert (event.topic, event.payload, event.trace) == ("a", {"n": 1}, "t")
    assert not Event.objects.filter(settled_at__isnull=True).exists()


@pytest.mark.django_db
def test_an_act_publishes_with_its_entry_and_each_key_once(ears):
    said = [
        Publication(topic="a", payload={"n": 1}, key="k"),
        Publication(topic="b", payload={"n": 2}),
    ]
    for act in ("test.first", "test.second"):
        with transaction.atomic():
            api.record(
                actor=system("Thử"), act=act, subject=ONE, content={"n": 0}, publications=said
            )
    assert [entry.act for entry in api.history(ONE)] == ["test.first", "test.second"]
    assert api.deliver(ears.mapping) == 4
    assert ears.heard == [("first", 1), ("second", 1), ("first", 2), ("first", 2)]


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_rolled_back_publishes_nothing(ears):
    said = [Publication(topic="a", payload={"n": 1})]
    with transaction.atomic():
        api.record(actor=system("Thử"), act="test.x", subject=ONE, content={}, publications=said)
        transaction.set_rollback(True)
    assert api.deliver(ears.mapping) == 0
    assert (ears.heard, api.history(ONE)) == ([], ())


@pytest.mark.django_db
def test_the_same_key_is_one_event(ears):
    first = publish(n=1, key="k")
    assert publish(n=2, key="k") == first
    api.deliver(ears.mapping)
    assert ears.heard == [("first", 1), ("second", 1)]


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="belongs inside"):
        publish()
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_a_failing_subscriber_holds_up_only_its_own_subject(ears):
    ears.broken = {ONE}
    with clock.at(NOON):
        publish(subject=ONE, n=1)
        publish(subject=TWO, n=2)
        publish(subject=ONE, n=3)
        publish("b", subject=ONE, n=4)
        assert api.deliver(ears.mapping) == 4
        assert ears.heard == [("second", 1), ("first", 2), ("second", 2), ("second", 3)]
        [trouble] = api.troubles()
    assert (trouble.topic, trouble.subject, trouble.attempts) == ("a", ONE, 1)
    assert trouble.subscriber.endswith("Ears.first")
    assert trouble.error == "ValueError: cannot hear 1"
    assert trouble.next_try_at == NOON + timedelta(seconds=2)


@pytest.mark.django_db
def test_a_mended_subscriber_gets_all_in_order_and_nothing_twice(ears):
    ears.broken = {ONE}
    with clock.at(NOON):
        for n in range(3):
            publish(n=n)
        publish("b", n=3)
        api.deliver(ears.mapping)
    ears.broken, ears.heard = set(), []
    with clock.at(NOON + timedelta(seconds=1)):
        assert api.deliver(ears.mapping) == 0
    with clock.at(NOON + timedelta(seconds=2)):
        assert api.deliver(ears.mapping) == 4
    assert ears.heard == [("first", n) for n in range(4)]
    assert api.troubles() == ()
    assert not Event.objects.filter(settled_at__isnull=True).exists()


@pytest.mark.django_db
def test_the_delay_grows_and_nothing_is_ever_given_up(ears):
    ears.broken = {ONE}
    moment = NOON
    with clock.at(moment):
        publish(n=1)
    for attempt in range(1, 25):
        with clock.at(moment):
            api.deliver(ears.mapping)
            [trouble] = api.troubles()
        assert trouble.attempts == attempt
        assert trouble.next_try_at == moment + delay_after(attempt)
        moment = trouble.next_try_at
    assert [delay_after(n).total_seconds() for n in (1, 2, 3, 11, 12, 24)] == [
        2,
        4,
        8,
        2048,
        3600,
        3600,
    ]
    ears.broken = set()
    with clock.at(moment):
        assert api.deliver(ears.mapping) == 1


@pytest.mark.django_db
def test_what_a_failing_subscriber_wrote_is_undone(ears):
    def writes_then_fails(event):
        publish("b", n=99)
        raise ValueError("no")

    publish(n=1)
    api.deliver({"a": [writes_then_fails], "b": [ears.first]})
    assert list(Event.objects.values_list("topic", flat=True)) == ["a"]
    assert Delivery.objects.get().delivered_at is None


@pytest.mark.django_db
def test_an_event_published_by_a_subscriber_is_delivered_in_its_turn(ears):
    def passes_on(event):
        publish("b", subject=TWO, n=event.payload["n"] + 1)

    publish(n=1)
    mapping = {"a": [passes_on], "b": [ears.first]}
    assert api.deliver(mapping) == 1
    assert api.deliver(mapping) == 1
    assert ears.heard == [("first", 2)]


@pytest.mark.django_db
def test_many_broken_events_do_not_starve_a_new_one(ears):
    ears.broken = {ONE}
    with clock.at(NOON):
        for n in range(250):
            publish("b", n=n)
        publish("b", subject=TWO, n=1000)
        assert api.deliver(ears.mapping) == 1
    assert ears.heard == [("first", 1000)]


@pytest.mark.django_db(transaction=True)
def test_several_deliverers_at_once_deliver_each_event_once_and_in_order():
    heard, lock = [], threading.Lock()

    def hear(event):
        with lock:
            heard.append((event.subject.id.int, event.payload["n"]))

    with transaction.atomic():
        for n in range(30):
            publish(subject=(ONE, TWO)[n % 2], n=n)

    def run():
        try:
            for _ in range(5):
                api.deliver({"a": [hear]})
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with clock.at(clock.now() + timedelta(minutes=1)):
        api.deliver({"a": [hear]})
    assert sorted(n for _, n in heard) == list(range(30))
    for subject in (1, 2):
        numbers = [n for number, n in heard if number == subject]
        assert numbers == sorted(numbers)


@pytest.mark.django_db(transaction=True)
def test_a_commit_wakes_whoever_waits():
    woken = []
    with api.listening() as ear:
        assert ear.wait(timeout=0.05) is False
        with transaction.atomic():
            publish(n=1)
        woken.append(ear.wait(timeout=5))
    assert woken == [True]
    assert api.wait_for_events(0.05) is False


@pytest.mark.django_db(transaction=True)
def test_what_nobody_hears_is_settled_as_it_is_published(ears):
    told = Publication(topic="unheard", payload={"n": 1}, heard=False)
    with transaction.atomic():
        api.record(actor=system("x"), act="x.done", subject=ONE, content={}, publications=[told])
    event = Event.objects.get()
    assert (event.topic, event.settled_at) == ("unheard", event.published_at)
    assert api.deliver(ears.mapping) == 0


@pytest.mark.django_db(transaction=True)
def test_a_rollback_publishes_nothing(ears):
    with transaction.atomic():
        publish(n=1)
        transaction.set_rollback(True)
    assert api.deliver(ears.mapping) == 0
    assert not Event.objects.exists()


def test_an_act_that_publishes_thrice_wakes_the_deliverers_once(
    db, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as wishes, transaction.atomic():
        for n in (1, 2):
            api.publish(topic="a", subject=ONE, payload={"n": n})
        api.publish(topic="b", subject=TWO, payload={"n": 3}, key="once")
    assert len(wishes) == 1
    assert Event.objects.count() == 3


def test_an_act_whose_first_part_is_undone_still_wakes_for_its_second(
    db, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as wishes, transaction.atomic():
        with transaction.atomic():
            api.publish(topic="a", subject=ONE, payload={"n": 1})
            transaction.set_rollback(True)
        api.publish(topic="a", subject=ONE, payload={"n": 2})
    assert len(wishes) == 1
    assert list(Event.objects.values_list("payload__n", flat=True)) == [2]
