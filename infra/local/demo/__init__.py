"""`make demo`: one incident's story on the running stack, observed only through what users can see."""

from infra.local.demo.run import demo

__all__ = ["demo"]
