"""What a record proves, part by part; `exchange.verifier` puts the parts together.

Here: the report (`report`), whose keys decide (`claims`), one log under its signed head (`proven_log`), receipts and
third parties (`cosigned`), how far each message came (`levels`), clocks that can not both be right (`dates`), files of
evidence beside the logs (`beside`). Not here: the layout (`record`), reading zips and folders (cli). May know: log,
terms.
"""
