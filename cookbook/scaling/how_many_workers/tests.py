"""Test the forecast against sums, published values and bad input. No cluster runs."""

import math
from dataclasses import replace

from django.test import SimpleTestCase

from .forecast import FIELDS, MOST, Load, enough, forecast, number, span, until, verdict


def summed(load: Load, states: int = 600) -> tuple[float, float, float]:
    """Return the mean wait, the share of busy workers and the mean run, state by state.

    It is the same queue, and the sums are written out instead of solved.
    """
    servers, cores = load.workers * load.clusters, load.cores * load.clusters
    chances = [1.0]
    for k in range(1, states):
        at_once = min(k, servers, cores / load.part if load.part else k)
        chances.append(chances[-1] * load.arrivals * load.seconds / at_once)
    whole = math.fsum(chances)
    waiting = math.fsum(max(k - servers, 0) * p for k, p in enumerate(chances)) / whole
    running = math.fsum(min(k, servers) * p for k, p in enumerate(chances)) / whole
    return waiting / load.arrivals, running / servers, running / load.arrivals


class ForecastTests(SimpleTestCase):
    def assert_near(self, one, other):
        self.assertTrue(math.isclose(one, other, rel_tol=1e-9), f"{one} is not {other}")

    def test_published_values_of_erlang_c(self):
        for workers, arrivals, chance in ((2, 1, 1 / 3), (10, 8, 0.409180)):
            load = Load(arrivals, seconds=1, workers=workers)
            queues = forecast(load).wait * (workers - arrivals)
            self.assertAlmostEqual(queues, chance, 6)

    def test_one_worker_waits_as_pollaczek_and_khinchine_say(self):
        for spread in (0, 0.5, 1, 3):
            load = Load(arrivals=8, seconds=0.1, spread=spread, workers=1)
            self.assert_near(forecast(load).wait, 0.4 * (1 + spread**2) / 2)

    def test_the_solution_is_that_of_the_sums(self):
        for workers in (1, 2, 7, 30):
            for part in (0, 0.1, 0.5, 1):
                for clusters in (1, 3):
                    for share in (0.1, 0.5, 0.9):
                        load = Load(1, 0.2, 1, part, workers, clusters, cores=2)
                        load = replace(load, arrivals=forecast(load).capacity * share)
                        solution = forecast(load)
                        wait, busy, run = summed(load)
                        self.assert_near(solution.wait, wait)
                        self.assert_near(solution.busy, busy)
                        self.assert_near(solution.run, run)

    def test_short_cores_make_tasks_longer(self):
        load = Load(arrivals=7, seconds=1, part=0.5, workers=40, cores=4)
        self.assertGreater(forecast(load).run, 1.5)
        self.assert_near(forecast(replace(load, cores=20)).run, 1)

    def test_nobody_waits_where_workers_are_idle(self):
        load = Load(1, 0.1, workers=8)
        self.assertEqual(forecast(load).wait_95, 0)
        self.assertIn("95 of 100 tasks begin at once", verdict(load))

    def test_processes_and_connections(self):
        prediction = forecast(Load(1, 1, workers=80, clusters=2, megabytes=50))
        self.assertEqual(prediction.connections, 166)
        self.assertEqual(prediction.megabytes, 8400)


class EnoughTests(SimpleTestCase):
    def test_one_worker_less_is_not_enough(self):
        for wait in (0, 0.1, 1, 30):
            load = Load(arrivals=40, seconds=0.5, clusters=2)
            workers = enough(load, wait)
            for count, answer in ((workers, True), (workers - 1, False)):
                prediction = forecast(replace(load, workers=count))
                self.assertEqual(prediction.wait_95 <= wait, answer)

    def test_no_number_is_enough_where_the_cores_are_busy(self):
        self.assertIsNone(enough(Load(arrivals=9, seconds=1, part=0.5), wait=60))
        self.assertIsNone(enough(Load(arrivals=7.9, seconds=1, part=0.5), wait=0))

    def test_no_number_is_enough_where_it_is_too_large(self):
        self.assertIsNone(enough(Load(arrivals=1e6, seconds=1), wait=1))


class OverloadTests(SimpleTestCase):
    def test_the_queue_grows(self):
        load = Load(arrivals=5, seconds=1, workers=4)
        self.assertEqual(until(load, 1000), 1000)
        prediction = forecast(load)
        self.assertEqual((prediction.wait, prediction.waiting), (math.inf, math.inf))
        self.assertEqual((prediction.busy, prediction.run), (1, 1))
        self.assertIn(
            "grows by 1 tasks a second, to 1,000 tasks in 17 min", verdict(load)
        )
        self.assertIn("each cluster needs 6 workers or more", verdict(load))

    def test_a_load_of_one_grows_too(self):
        load = Load(arrivals=4, seconds=1, workers=4)
        self.assertEqual(until(load, 1000), math.inf)
        self.assertIn("slowly and without end", verdict(load))

    def test_busy_cores_are_named(self):
        load = Load(arrivals=9, seconds=1, part=0.5, workers=40)
        self.assertIn("the cores are busy. Each cluster needs 5 or more", verdict(load))


class InputTests(SimpleTestCase):
    def test_bad_input_is_refused_with_what_to_give(self):
        good = {"arrivals": 1, "seconds": 1}
        for name, (least, most, words) in FIELDS.items():
            for value in (-1, most + 1, math.nan, math.inf):
                with self.assertRaisesMessage(ValueError, f"{name}: give {words}"):
                    Load(**good | {name: value})
            Load(**good | {name: least})
        for name in ("arrivals", "seconds", "workers", "clusters", "cores"):
            with self.assertRaisesMessage(ValueError, f"{name}: give"):
                Load(**good | {name: 0})
        for name in ("workers", "clusters"):
            with self.assertRaisesMessage(ValueError, f"{name}: give a whole number"):
                Load(**good | {name: 2.5})
        with self.assertRaisesMessage(ValueError, "at most 10,000 in all clusters"):
            Load(1, 1, workers=101, clusters=100)

    def test_the_largest_input(self):
        load = Load(1e6, 1e6, 100, 1, MOST, 1, MOST, 1e6)
        self.assertIn("the cores are busy", verdict(load))


class WordsTests(SimpleTestCase):
    def test_numbers(self):
        words = {
            0: "0",
            0.04: "0",
            2.25: "2.3",
            9.97: "10",
            12.5: "13",
            1e6: "1,000,000",
        }
        for value, text in words.items():
            self.assertEqual(number(value), text)

    def test_spans(self):
        words = {
            0.0004: "0 ms", 0.25: "250 ms", 1.5: "1.5 s", 119: "119 s", 120: "2 min",
            7200: "2 h", 2 * 86400: "2 days", 8.64e9: "100,000 days",
        }  # fmt: skip
        for value, text in words.items():
            self.assertEqual(span(value), text)
