#!/bin/sh
# Makes the namespace and registers the search attributes by which calls are found. Safe to run at every start.
# The list is that of domain/search-attributes.ts; a test compares them.
set -eu

until temporal operator cluster health; do sleep 2; done

# Longer than the longest call plus the time in which a customer may ring back and go on.
temporal operator namespace describe -n "$TEMPORAL_NAMESPACE" ||
  temporal operator namespace create -n "$TEMPORAL_NAMESPACE" --retention 30d

known=$(temporal operator search-attribute list -n "$TEMPORAL_NAMESPACE")
while read -r name type; do
  case "$known" in
    *"$name"*) ;;
    *) temporal operator search-attribute create -n "$TEMPORAL_NAMESPACE" --name "$name" --type "$type" ;;
  esac
done <<LIST
CustomerNumber Keyword
BotNumber Keyword
CallPhase Keyword
Direction Keyword
Scenario Keyword
Language Keyword
CampaignId Keyword
Disposition Keyword
DueAt Datetime
LIST
