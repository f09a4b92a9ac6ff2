"""Comparative analysis of a dossier of documents: which words, whose frames, what changed, and how sure.

    import analysis
    study = analysis.load()                          # or analysis.load("my-study")
    analysis.frequency(study, by="source")           # every measure takes the study first and returns a table
    analysis.frequency(analysis.select(study, role="ties"), by="year", ngram=2)

The names below are the public ones. They are imported when first used, so that a small job does not wait for the
libraries of a large one.
"""

from importlib import import_module

PUBLIC = {
    "analysis.errors": ["Problem", "StudyError"],
    "analysis.corpus": ["Study", "load", "residue", "select"],
    "analysis.corpus.index": ["find"],
    "analysis.corpus.store": ["make_index"],
    "analysis.corpus.opening": ["open_index"],
    "analysis.corpus.wordlists": ["read_aliases", "read_counts"],
    "analysis.corpus.merging": ["merge_terms"],
    "analysis.corpus.coded_texts": ["read_coded"],
    "analysis.corpus.codings": ["codebook", "coding_sheet", "judgements", "read_codings", "read_sheet"],
    "analysis.corpus.tokens": ["term", "tokenise"],
    "analysis.corpus.commentary": ["check_commentary"],
    "analysis.corpus.findings": ["read_findings"],
    "analysis.corpus.published": ["read_published"],
    "analysis.intake.formats": ["read_drafts"],
    "analysis.intake": ["new_study"],
    "analysis.corpus.notes": ["notes"],
    "analysis.corpus.search": ["lexicon_hits", "locate", "spans_at"],
    "analysis.measures.actors": ["actor_mentions", "actor_test", "co_mentions", "mentions"],
    "analysis.measures.coder": ["Coder", "code_texts", "train_coder"],
    "analysis.measures.cross_validation": ["cross_code", "cross_validate"],
    "analysis.measures.association": ["association_measures"],
    "analysis.measures.collocations": ["collocate_difference", "collocates"],
    "analysis.measures.pairs": ["collocation_network", "ngram_associations"],
    "analysis.measures.concordance": ["concordance", "kwic"],
    "analysis.measures.contingency": ["log_likelihood", "log_ratio"],
    "analysis.measures.dispersion": ["dispersion", "dispersion_measures"],
    "analysis.measures.diversity": ["lexical_diversity"],
    "analysis.measures.changes": ["change_points", "series_verdict"],
    "analysis.measures.differences": ["share_differences"],
    "analysis.measures.divergence": ["contrast", "divergences"],
    "analysis.measures.drift": ["before_and_after", "contributions", "drift", "leave_one_out"],
    "analysis.measures.events": ["event_counts", "event_validity", "events", "read_events"],
    "analysis.measures.frames": ["coded_shares", "cue_hits", "cue_rates", "cue_validity"],
    "analysis.measures.inference": ["balance", "comparison_verdict", "confounding_verdict", "cross_balance", "sides"],
    "analysis.measures.keyness": ["keyness", "keyness_pairs", "keyness_test"],
    "analysis.measures.proposals": ["findings_of", "proposed_findings"],
    "analysis.measures.power": ["documents_needed", "drift_model", "drift_power"],
    "analysis.measures.prevalence": ["corrected_share", "corrected_shares"],
    "analysis.measures.readability": ["readability", "syllables"],
    "analysis.measures.reliability": ["agreement", "units_needed"],
    "analysis.measures.sensitivity": ["rule_sensitivity"],
    "analysis.measures.shares": ["mean_shares"],
    "analysis.measures.speakers": ["quotations", "read_quotations", "speaker_validity"],
    "analysis.measures.specifications": ["robustness", "specifications"],
    "analysis.measures.stability": ["choose_topics"],
    "analysis.measures.terms": ["frequency"],
    "analysis.measures.tone": ["tone", "tone_hits"],
    "analysis.measures.voices": ["citations"],
    "analysis.measures.topics": [
        "Topics",
        "document_agreement",
        "document_shares",
        "fit_topics",
        "leading_units",
        "topic_labels",
        "topic_table",
    ],
    "analysis.measures.windows": ["WindowedTopics", "windowed_topics"],
}
HOME = {name: module for module, names in PUBLIC.items() for name in names}
__all__ = sorted(HOME)


def __getattr__(name: str) -> object:
    if name not in HOME:
        raise AttributeError(f"analysis has no “{name}”; its public names are {', '.join(__all__)}")
    return getattr(import_module(HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
