// Until payloads.py of this page is there.
import type {FormField} from '../../components/controls/types';
import type {ServerFunction} from '../../payloads';
declare module '../../payloads' {
  export interface WizardState {
    notice: string;
    step: number;
    method: string;
    labels: [string, string][];
  }
  export interface BoxTitle {
    title: string;
    sub: string;
  }
  export interface Draft {
    [key: string]: any;
  }
  export interface PlannedStage {
    title: string;
    about: string;
    takes: ['weights' | 'rows' | 'reward', number][];
    makes: string;
    round: number | null;
  }
  export interface OptionalStage {
    name: string;
    title: string;
    without: string;
  }
  export interface MethodPlan {
    options: FormField[];
    problems: Record<string, string>;
    stages: PlannedStage[];
    optional: OptionalStage[];
    makes_data: boolean;
  }
  export interface MethodCard {
    name: string;
    title: string;
    palette: string;
    learns_from: string;
    needs: string;
    costs: string;
    tag: string;
    you_have: string;
    warm_ups: string[];
  }
  export interface MethodChoice {
    method: string;
    options: Record<string, any>;
    skip: string[];
    review: boolean;
    continued: boolean;
  }
  export interface MethodStep extends MethodChoice {
    methods: MethodCard[];
    plan: MethodPlan | null;
  }
  export interface Unfolded {
    method: string;
    options: Record<string, any>;
    skip: string[];
    review: boolean;
    plan: MethodPlan | null;
  }
  export interface SettingsGroup {
    name: string;
    title: string;
    sub: string;
    fields: FormField[];
    matters: Record<string, [string, string][]>;
  }
  export interface SettingsStep {
    draft: Draft;
    groups: SettingsGroup[];
    problems: Record<string, Record<string, string>>;
    reshaping: string[];
  }
  export interface ContinuedRun {
    title: string;
    step: number;
    palette: string;
    address: string;
  }
  export interface KnownModel {
    title: string;
    parameters: number | null;
    context: number | null;
    architecture: string | null;
    note: string | null;
    run: ContinuedRun | null;
  }
  export interface PresetLink {
    title: string;
    about: string;
    source: string;
    tried: boolean;
    palette: string;
    address: string;
  }
  export interface Message {
    role: string;
    content: string;
  }
  export interface ExampleRow {
    prompt?: Message[];
    completion?: Message[];
    chosen?: Message[];
    rejected?: Message[];
    candidates?: Message[][];
    label?: boolean;
    scores?: Record<string, number>;
  }
  export interface RowProblem {
    row: number;
    message: string;
  }
  export interface LengthReport {
    max_length: number;
    longest: number;
    median: number;
    over: number;
    dropped: number;
    total: number;
    measured: number;
  }
  export interface RefusedFile {
    file: string;
    problem: string;
    used: string;
  }
  export interface ShownDataset {
    name: string;
    format: string;
    rows: number;
    rows_read: number;
    dropped: number;
    reasons: Record<string, number>;
    problems: RowProblem[];
    changes: Record<string, number>;
    not_read: string[];
    examples: ExampleRow[];
    lacks: string | null;
    lengths: LengthReport | null;
  }
  export type DataPreview = {refused?: RefusedFile} & ({problem: string} | ShownDataset | {});
  export interface Obstacle {
    message: string;
    step: number;
  }
  export interface ChosenMethod {
    title: string;
    palette: string;
  }
  export interface StageDataset {
    stage: string;
    name: string;
    rows: number | null;
    dropped: number;
    reasons: Record<string, number>;
  }
  export interface ChangedSetting {
    stage: string;
    title: string;
    value: string;
    source: string;
    proposed: string;
  }
  export interface RecipeFile {
    name: string;
    text: string;
  }
  export interface AuditAsked {
    base: string;
    datasets: string[];
  }
  export interface Audit {
    notes: string[];
    refused: Record<string, number>;
    past_template: string[];
    example: Record<string, string> | null;
    rows: number;
  }
  export interface ReviewStep {
    go?: string;
    title: string;
    problems: Obstacle[];
    model: KnownModel | {title?: undefined};
    method: ChosenMethod | null;
    options: [string, string][];
    review: boolean;
    stages: PlannedStage[];
    data: StageDataset[];
    judged: [string, string, string][];
    file: RecipeFile | null;
    changes: ChangedSetting[];
    audit: AuditAsked | null;
  }
  export interface Server {
    unfold: ServerFunction<MethodChoice, Unfolded>;
    fill_settings: ServerFunction<Draft, SettingsStep>;
    validate_settings: ServerFunction<Draft, SettingsStep['problems']>;
    audit: ServerFunction<AuditAsked, Audit | {}>;
  }
}
