"""Which sources may be named to a reviewer, and how: by the name of who publishes them.

A reviewer's edition cites sites, papers, vendors, standards bodies and public projects. Everything else
(notes of other applicants, private repositories, blogs, our own judgement) is no authority there: what rests
on it is stated as set by the plan, and stands with its source in the team's edition alone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from app.words import text
from estimators.quantity import Fact
from estimators.words import Name, Said, plain, say

SET_BY_PLAN: Final = say("set by the plan")

_SITES: Final = (
    (r"docs\.lumi-supercomputer\.eu|\bLumi-supercomputer/", "LUMI documentation"),
    (r"\bfz-juelich\.de|\bFZJ-JSC/CARAML|\bJSC pages\b", "JSC documentation"),
    (r"\bcineca\.(it|eu)\b", "CINECA documentation"),
    (r"\bit4i\.cz\b", "IT4Innovations documentation"),
    (r"\blxp\.lu\b", "LuxProvide documentation"),
    (r"\bvega\.izum\.si\b", "IZUM Vega documentation"),
    (r"\bbsc\.es\b|\bBSC user guide\b", "BSC MareNostrum 5 user guide"),
    (r"\bnaiss\.se\b|\bNAISS documentation\b", "NAISS documentation"),
    (r"\bdocs\.discoverer\.bg\b", "Discoverer documentation"),
    (r"\bdocs\.(deucalion\.acnca|macc\.fccn)\.pt\b", "Deucalion documentation"),
    (r"\bwarpx\.readthedocs\.io\b", "WarpX documentation"),
)
_PROJECTS: Final = (
    (r"\bNVIDIA-NeMo/Megatron-Bridge\b", "NVIDIA Megatron-Bridge performance summary"),
    (r"\bNVIDIA/dgxc-benchmarking\b", "NVIDIA DGX Cloud benchmarking"),
    (r"\bNVIDIA/Megatron-LM\b", "NVIDIA Megatron-LM"),
    (r"\bNVIDIA/NeMo\b", "NVIDIA NeMo performance summary"),
    (r"\bmlcommons/training_results_v([\d.]+)\b", r"MLPerf Training v\1"),
    (r"\bmosaicml/llm-foundry\b", "MosaicML LLM Foundry benchmarks"),
    (r"\bpytorch/torchtitan\b", "PyTorch torchtitan benchmarks"),
    (r"\bpytorch/torchtune\b", "PyTorch torchtune"),
    (r"\bOpenEuroLLM/", "OpenEuroLLM"),
    (r"\bdeepseek-ai/DeepSeek-V3\b", "DeepSeek-V3 technical report"),
    (r"\bfacebookresearch/metaseq\b", "Meta OPT training chronicles"),
    (r"\bFZJ-JSC/jubench", "JSC JUPITER benchmark suite"),
    (r"\bReFrame check\b.*\bLUMI\b", "LUMI container checks"),
    (r"\bhuggingface/smollm\b", "Hugging Face SmolLM"),
    (r"\bbigscience-workshop/|\bBLOOM chronicles\b", "BigScience, BLOOM training chronicles"),
    (r"\belectricitymaps\b", "Electricity Maps"),
    (r"\bECB reference rate\b", "European Central Bank"),
)
_PAPER: Final = re.compile(r"\barXiv[: ]?\s?(\d{4}\.\d{4,5})", re.IGNORECASE)
_TO_USER: Final = re.compile(r"\byour\b", re.IGNORECASE)
_OWN: Final = re.compile(r"\bjudge?ment\b|\bgeneral knowledge\b", re.IGNORECASE)


@lru_cache(maxsize=4096)
def public_name(source: str) -> str:
    """How a reviewer knows a source: "LUMI documentation", "arXiv:2407.21783"; "" where it is no authority.

    Args:
        source: As the catalogue or the evidence names it: addresses, documents, papers.
    """
    if _OWN.search(source):
        return ""
    paper = _PAPER.search(source)
    if paper is not None:
        return f"arXiv:{paper[1]}"
    for pattern, name in (*_SITES, *_PROJECTS):
        found = re.search(pattern, source, re.IGNORECASE | re.DOTALL)
        if found is not None:
            return found.expand(name)
    return ""


def public_source(fact: Fact[Any]) -> str:
    """The publisher behind a fact; "" where the plan itself answers for it.

    "JSC documentation, as quoted" where the publisher's own page was not read.
    """
    name = "" if fact.confidence == "unverified" else public_name(fact.source)
    quoted = say("{publisher}, as quoted", publisher=Name(name))
    return text(quoted) if name and _is_quoted(fact) else name


def public_note(note: str | Said) -> str:
    """A remark beside an input as a reviewer reads it; what is our own choice is the plan's.

    What decides is the remark as it was said, whatever the language that it is read in.
    """
    said = plain(note) if isinstance(note, Said) else note
    return text(SET_BY_PLAN if _OWN.search(said) or _TO_USER.search(said) else note)


def _is_quoted(fact: Fact[Any]) -> bool:
    """Whether a site's page was read through another's words."""
    return fact.confidence == "secondary" and any(
        re.search(pattern, fact.source, re.IGNORECASE) for pattern, _ in _SITES
    )
