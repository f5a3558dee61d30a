"""Graph → samples → statistics: how long networks really take, and on which machine."""
