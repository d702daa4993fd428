import { ArcElement, Chart, DoughnutController, Tooltip } from 'chart.js';

Chart.register(ArcElement, DoughnutController, Tooltip);

interface Doughnut {
	labels: string[];
	values: number[];
	/** The values in a person's words. */
	texts: string[];
	/** The number of each part's series colour. */
	series: number[];
	animate: boolean;
}

/** Draws a doughnut onto a canvas in the page's own colours. Gives back how to remove it. */
export function drawDoughnut(canvas: HTMLCanvasElement, doughnut: Doughnut): () => void {
	const styles = getComputedStyle(canvas);
	const colour = (token: string) => {
		// As the canvas's own colour it is one colour: the token itself names a light one and a dark one.
		canvas.style.color = `var(${token})`;
		return toRgb(styles.color);
	};
	const colours = doughnut.series.map((series) => colour(`--series-${series}`));
	const chart = new Chart(canvas, {
		type: 'doughnut',
		data: {
			labels: doughnut.labels,
			datasets: [
				{
					data: doughnut.values,
					backgroundColor: colours,
					hoverBackgroundColor: colours,
					borderColor: colour('--ground'),
					hoverBorderColor: colour('--ground'),
					borderWidth: 2
				}
			]
		},
		options: {
			cutout: '74%',
			animation: doughnut.animate ? { duration: 200 } : false,
			plugins: {
				tooltip: {
					backgroundColor: colour('--ink'),
					titleColor: colour('--ground'),
					bodyColor: colour('--ground'),
					titleFont: { family: styles.fontFamily },
					bodyFont: { family: styles.fontFamily, size: 14 },
					displayColors: false,
					callbacks: { label: ({ dataIndex }) => doughnut.texts[dataIndex] ?? '' }
				}
			}
		}
	});
	return () => chart.destroy();
}

/** Any CSS colour as `rgb(…)`: the charts' own colour reader knows no `oklch()`. */
function toRgb(colour: string): string {
	const pixel = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
	if (!pixel) return colour;
	pixel.fillStyle = colour;
	pixel.fillRect(0, 0, 1, 1);
	const [red, green, blue] = pixel.getImageData(0, 0, 1, 1).data;
	return `rgb(${red} ${green} ${blue})`;
}
