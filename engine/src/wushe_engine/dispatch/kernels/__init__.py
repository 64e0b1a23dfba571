"""The numba kernels of the dispatch search; importing this package loads numba."""
