"""Charts: a result → a specification in the grammar of Vega-Lite, a file a chart, by Altair.

A chart is a pure function. It knows neither files nor pages: `picture` makes bytes of it.
"""
