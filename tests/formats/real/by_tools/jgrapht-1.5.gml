Creator "JGraphT GML Exporter"
Version 1
graph
[
	label ""
	directed 1
	node
	[
		id 1
		label "H\u00F8y leie"
	]
	node
	[
		id 2
		label "Gjeld"
	]
	node
	[
		id 3
		label "Utkastelse \"p\u00E5 dagen\""
	]
	node
	[
		id 4
		label "Hjelp & r\u00E5d\\st\u00F8tte"
	]
	edge
	[
		source 1
		target 2
		weight 1.0
	]
	edge
	[
		source 2
		target 3
		weight 0.5
	]
	edge
	[
		source 4
		target 2
		weight -2.0
	]
	edge
	[
		source 3
		target 4
		weight -0.25
	]
	edge
	[
		source 2
		target 2
		weight 1.0
	]
]
