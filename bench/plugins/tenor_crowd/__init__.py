"""A million companies, of which each person sees those of their unit: what is searched in the benchmarks."""

from tenor_sdk import Plugin

plugin = Plugin(title="Crowd")
