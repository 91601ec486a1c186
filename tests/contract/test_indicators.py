"""A commitment names what assessment measures, and nothing else."""

from pathlib import Path

import yaml

from assessment.domain.formula import read_formula
from case_contracts.indicators import INDICATORS

FORMULAS = Path(__file__).parents[2] / "services/assessment/assessment/formulas.yaml"


def test_the_indicators_are_those_that_assessment_measures() -> None:
    formula = read_formula(yaml.safe_load(FORMULAS.read_text(encoding="utf-8")))
    assert {each.code: each.name for each in formula.indicators} == INDICATORS
