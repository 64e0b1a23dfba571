"""The linkage itself: needs → projects → resources → orders → dispatch → visits → verification → settlement."""
