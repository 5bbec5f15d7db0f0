"""The world outside, on this machine: integrations that send signals through the same address as real ones.

It plays what the rows of the registry expect, with the rhythm of their day, and breaks an integration in the way of a
failure class. On AWS there is none of this. What it sends is signed and counted like everything else; the one thing
that only this machine can do is to forget points of metrics, so that a failure may have begun an hour ago.
"""
