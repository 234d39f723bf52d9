"""Client libraries that we did not write, each in an environment of its own, judge the loopback servers."""
