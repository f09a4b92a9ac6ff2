"""A sample of the generated hostile inputs; `make fuzz` runs them all."""

import fuzz


def test_hostile_inputs_end_in_a_study_or_an_error():
    assert {fuzz.attack(seed) for seed in range(600)} <= {"study", "new study", "index", "StudyError"}
