import type { Table } from './table.ts';
import {
  campaignEpisodes,
  campaignFilters,
  campaignMembers,
  campaignResults,
  campaignRules,
  campaigns,
  contactPermissions,
  customerArms,
  segmentMoves,
  segments,
} from './tables/campaigns.ts';
import { customers, identities, orderLines, orders, runInputs } from './tables/curated.ts';
import { customerFeatures, customerSnapshots } from './tables/features.ts';
import { customerSightings, orderLineVersions, orderVersions, receipts, rejectedRows } from './tables/ingested.ts';
import { calibrationCurves, churnScores, drift, modelMetrics, models } from './tables/model.ts';
import { cohortMatrix, gapHistogram, horizons, retentionByPeriod, shopMetrics } from './tables/retention.ts';
import { publishedRuns, runLedger } from './tables/runs.ts';
import { customerFeedback, suppressions, surveyResponses, surveyScores } from './tables/surveys.ts';

/**
 * Every table of the lake, in the order in which data meets them. Glue tables, DuckDB views, Arrow schemas and
 * docs/tables.md are generated from this list.
 */
export const tables: readonly Table[] = [
  orderVersions,
  orderLineVersions,
  customerSightings,
  rejectedRows,
  suppressions,
  surveyResponses,
  receipts,
  runInputs,
  identities,
  orders,
  orderLines,
  customers,
  horizons,
  gapHistogram,
  customerFeatures,
  customerSnapshots,
  retentionByPeriod,
  cohortMatrix,
  shopMetrics,
  models,
  modelMetrics,
  calibrationCurves,
  drift,
  churnScores,
  segments,
  segmentMoves,
  customerFeedback,
  contactPermissions,
  customerArms,
  campaigns,
  campaignRules,
  campaignFilters,
  campaignMembers,
  campaignEpisodes,
  campaignResults,
  surveyScores,
  publishedRuns,
  runLedger,
];
