"""What papers print and other counters count, recomputed and put beside ours."""
