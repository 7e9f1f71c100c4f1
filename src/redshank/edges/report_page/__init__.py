"""The report of compliance and reciprocity for people: one HTML file, and the same on paper.

Here: the words (`words`), the tables (`tables`), the plots as shapes (`drawing`, `plots`), the file (`html`) and the
paper (`paper`). Not here: any figure (exchange.compliance). Nothing is loaded from outside, nothing runs in the page.
The same report gives the same bytes. May know: exchange.compliance, terms.
"""
