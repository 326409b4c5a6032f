import type { Table } from './table.ts';
import {
  buyerMeasures,
  campaignFilters,
  campaignFits,
  campaignPeople,
  campaignRules,
  campaigns,
  segments,
} from './tables/campaign-definitions.ts';
import {
  campaignEpisodes,
  campaignMembers,
  campaignResults,
  contactPermissions,
  customerArms,
  episodesBefore,
  peopleBefore,
  segmentMoves,
  watermarkInputs,
} from './tables/campaigns.ts';
import { customers, identities, orderLines, orders, runInputs } from './tables/curated.ts';
import { erasures } from './tables/erasures.ts';
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
  erasures,
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
  peopleBefore,
  segmentMoves,
  campaignPeople,
  customerFeedback,
  watermarkInputs,
  contactPermissions,
  customerArms,
  episodesBefore,
  campaigns,
  campaignRules,
  campaignFilters,
  buyerMeasures,
  campaignFits,
  campaignMembers,
  campaignEpisodes,
  campaignResults,
  surveyScores,
  publishedRuns,
  runLedger,
];
