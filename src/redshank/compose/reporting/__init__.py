"""The report of compliance and reciprocity of a node or of records: the law that it is held against (`law`), the
process that computes it (`store_report`), and how a running node has it made (`reporter`). May know: everything below.
"""
